require 'sinatra'
require_relative './store'
get '/u' do
  UserStore.new.find(params[:name])
end
get '/v' do
  run_it(params[:cmd])
end
