package store

import (
	"database/sql"
	"fmt"
)

var db *sql.DB

type Store struct{ db *sql.DB }

func Find(name string) {
	db.Query(fmt.Sprintf("select * from u where name = '%s'", name))
}

func (s *Store) Load(x string) {
	s.db.Query("select * from u where x = '" + x + "'")
}
